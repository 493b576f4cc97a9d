import { PathSecretSettings } from '../call-account.config.js';

export class ThreeCxSettings extends PathSecretSettings {}
