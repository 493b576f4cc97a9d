import type { AccountDefinition } from '@lienmach/accounts';
import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import type { ChannelDefinition, VendorDefinition } from './channel.js';
import { settingsSchema } from './settings-schema.js';

/** Settings as an instance of the vendor's class, or the sentences that say what is wrong with them. */
export function readSettings<S extends object>(
  vendor: Pick<VendorDefinition<S>, 'settings'>,
  plain: Readonly<Record<string, unknown>>,
): S | readonly string[] {
  const settings = plainToInstance(vendor.settings, plain);
  const errors = validateSync(settings, { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: false });
  return errors.length > 0 ? errors.flatMap((error) => sentences(error, '')) : settings;
}

/** Tells the two answers of `readSettings` apart. */
export function isProblems(settings: object): settings is readonly string[] {
  return Array.isArray(settings);
}

function sentences(error: ValidationError, parent: string): string[] {
  const field = parent ? `${parent}.${error.property}` : error.property;
  const own = Object.values(error.constraints ?? {}).map((text) => (parent ? `${parent}: ${text}` : text));
  return [...own, ...(error.children ?? []).flatMap((child) => sentences(child, field))];
}

/** What libs/accounts needs to know of a channel to check, store and publish its accounts. */
export function accountDefinitions(channel: ChannelDefinition): AccountDefinition[] {
  return channel.vendors.map((vendor: VendorDefinition) => ({
    channel: channel.name,
    vendor: vendor.name,
    secrets: vendor.secrets,
    settingsSchema: settingsSchema(vendor.settings),
    doors: [...new Set(vendor.doors.map(({ path }) => path))],
    validate: (plain) => {
      const settings = readSettings(vendor, plain);
      return isProblems(settings) ? settings : [];
    },
    ownNumbers: (plain, id) => {
      const settings = readSettings(vendor, plain);
      return isProblems(settings) ? [] : (vendor.ownNumbers?.(settings, id) ?? []);
    },
  }));
}
