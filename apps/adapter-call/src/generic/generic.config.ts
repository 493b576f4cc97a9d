import { ArrayMaxSize, IsArray, IsNotEmpty, IsOptional, IsString, Matches } from 'class-validator';

export class GenericCallSettings {
  @IsString({ message: 'secret must be set: the PBX signs its requests with it' })
  @IsNotEmpty({ message: 'secret must be set: the PBX signs its requests with it' })
  secret!: string;

  @IsOptional()
  @IsArray({ message: 'hotlines must be a list of numbers' })
  @ArrayMaxSize(200)
  @Matches(/^\+?[\d .()-]{3,24}$/, { each: true, message: 'each of hotlines must be a telephone number' })
  hotlines?: string[];
}
