import { Type } from 'class-transformer';
import { Equals, IsIn, IsNumber, IsOptional, IsString, MinLength, ValidateNested } from 'class-validator';
import { ChannelData } from './parts.js';

export class CallAgent {
  /** Extension or user id. */
  @IsString()
  @MinLength(1)
  id!: string;

  @IsOptional()
  @IsString()
  name!: string | null;
}

/** What every event of a telephone call says; `thread` is the group id of the call over all its legs. */
abstract class CallBase extends ChannelData {
  /** The vendor's id of the call (the group of legs). */
  @IsString()
  @MinLength(1)
  callId!: string;

  /** The leg this event is about; null where the vendor knows only one. */
  @IsOptional()
  @IsString()
  legId!: string | null;

  /** Our number: the hotline that was called or shown. */
  @IsOptional()
  @IsString()
  hotline!: string | null;
}

/** `call.ringing`, `.queued`, `.answered`, `.held`, `.unheld`, `.transferred`, `.ended`, `.missed`, `.transcribed`. */
export class CallData extends CallBase {
  @Equals('call')
  declare kind: 'call';

  @IsOptional()
  @ValidateNested()
  @Type(() => CallAgent)
  agent!: CallAgent | null;

  @IsOptional()
  @IsString()
  queue!: string | null;

  /** Whole call, seconds. */
  @IsOptional()
  @IsNumber()
  durationSeconds!: number | null;

  /** Time talked, seconds. */
  @IsOptional()
  @IsNumber()
  talkSeconds!: number | null;

  /** Hang-up cause as the vendor words it. */
  @IsOptional()
  @IsString()
  cause!: string | null;

  @IsOptional()
  @IsIn(['customer', 'agent', 'system'])
  endedBy!: 'customer' | 'agent' | 'system' | null;

  @IsOptional()
  @IsString()
  transcript?: string | null;
}

/** `call.recorded`: may come minutes after the end. */
export class RecordingData extends CallBase {
  @Equals('recording')
  declare kind: 'recording';

  /** A secret or in need of a token: never shown to a customer. */
  @IsOptional()
  @IsString()
  url!: string | null;

  @IsOptional()
  @IsNumber()
  durationSeconds!: number | null;
}

/** `call.keyed`: digits pressed, in a menu or as the answer to a survey. */
export class KeypressData extends CallBase {
  @Equals('keypress')
  declare kind: 'keypress';

  @IsString()
  @MinLength(1)
  digits!: string;

  @IsIn(['ivr', 'survey'])
  purpose!: 'ivr' | 'survey';
}

/** `voicemail.left`. */
export class VoicemailData extends CallBase {
  @Equals('voicemail')
  declare kind: 'voicemail';

  @IsOptional()
  @IsString()
  url!: string | null;

  @IsOptional()
  @IsNumber()
  durationSeconds!: number | null;
}
