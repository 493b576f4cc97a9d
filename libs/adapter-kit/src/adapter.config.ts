import { Setting, StackSettings } from '@lienmach/platform';
import { IsInt, IsOptional, IsString, Matches, Max, Min, MinLength } from 'class-validator';

/** What every adapter reads from its environment; `<NAME>_PORT` and `<NAME>_PUBLIC_URL` carry the channel's name. */
export class AdapterSettings extends StackSettings {
  @Setting('a port, 1 to 65535')
  @IsInt()
  @Min(1)
  @Max(65535)
  port!: number;

  @Setting('the address under which the vendor reaches this adapter, https://host[/path]')
  @IsOptional()
  @Matches(/^https?:\/\/[^\s?#]+$/)
  publicUrl?: string;

  @Setting('a folder for attachments and large bodies, on a disk that outlives the process')
  @IsString()
  @MinLength(1)
  blobsDir!: string;

  @Setting('a folder, on a disk that outlives the process, for what comes in a long outage of the broker')
  @IsOptional()
  @IsString()
  @MinLength(1)
  spoolDir?: string;

  @Setting('addresses or blocks of your own network, 10.0.0.5,10.1.0.0/16, from which files for replies may be fetched')
  @IsOptional()
  @Matches(/^[\da-f.:]+(?:\/\d{1,3})?(?:,[\da-f.:]+(?:\/\d{1,3})?)*$/i)
  attachmentNetworks?: string;
}
