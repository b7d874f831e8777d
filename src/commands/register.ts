import type { Registrar } from '../cli.ts';
import { registerAuth } from './auth/register.ts';
import { registerVersion } from './version/register.ts';

/** Every noun of the command line, in the order in which `--help` lists them. */
export function registerCommands(registrar: Registrar): void {
  registerAuth(registrar);
  registerVersion(registrar);
}
