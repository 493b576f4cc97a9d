import { Matches } from 'class-validator';
import { OutboundMailSettings } from '../outbound-mail.config.js';

export class SesSettings extends OutboundMailSettings {
  /** The topic that the account publishes to; every other topic of the same AWS account and region, such as that of bounces, counts too. */
  @Matches(/^arn:aws(?:-[a-z]+)*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}(?:\.fifo)?$/, {
    message: 'topicArn must be the ARN of the SNS topic: arn:aws:sns:<region>:<AWS account>:<name>',
  })
  topicArn!: string;
}
