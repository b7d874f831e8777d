import type { Registrar } from '../cli.ts';
import { registerAccess } from './access/register.ts';
import { registerAuth } from './auth/register.ts';
import { registerFile } from './file/register.ts';
import { registerInit } from './init/register.ts';
import { registerInstall } from './install/register.ts';
import { registerLab } from './lab/register.ts';
import { registerOrphans } from './orphans/register.ts';
import { registerPvc } from './pvc/register.ts';
import { registerStorageClass } from './storageclass/register.ts';
import { registerVerify } from './verify/register.ts';
import { registerQuota } from './quota/register.ts';
import { registerStatus } from './status/register.ts';
import { registerUninstall } from './uninstall/register.ts';
import { registerShareType } from './sharetype/register.ts';
import { registerRender } from './render/register.ts';
import { registerUpgrade } from './upgrade/register.ts';
import { registerTenant } from './tenant/register.ts';
import { registerVersion } from './version/register.ts';

/** Every noun of the command line, in the order in which `--help` lists them. */
export function registerCommands(registrar: Registrar): void {
  registerInit(registrar);
  registerFile(registrar);
  registerAuth(registrar);
  registerShareType(registrar);
  registerQuota(registrar);
  registerInstall(registrar);
  registerRender(registrar);
  registerUpgrade(registrar);
  registerStatus(registrar);
  registerUninstall(registrar);
  registerStorageClass(registrar);
  registerTenant(registrar);
  registerPvc(registrar);
  registerAccess(registrar);
  registerOrphans(registrar);
  registerVerify(registrar);
  registerLab(registrar);
  registerVersion(registrar);
}
