import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { openStackContract } from '../contract/openstack.contract.ts';
import { describeReal } from '../support/real.ts';

describeReal('contract', ({ env }) => {
  openStackContract(async () => {
    const file = parse(await readFile(env['OS_CLIENT_CONFIG_FILE'] ?? '', 'utf8')) as {
      clouds: Record<string, { auth: { auth_url: string; password: string } }>;
    };
    const auth = file.clouds['admin']?.auth;
    return { authUrl: auth?.auth_url ?? '', password: auth?.password ?? '' };
  });
});
