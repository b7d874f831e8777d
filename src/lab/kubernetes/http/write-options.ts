import type { WriteOptions } from '../registry/registry.ts';
import { invalid, unsupported } from '../status.ts';
import type { ApiRequest } from './request.ts';

const VALIDATIONS = ['', 'Ignore', 'Strict', 'Warn'];

/**
 * `dryRun`, `fieldManager` and `fieldValidation` of a request.
 * @throws ApiError 422 for values that they do not have.
 */
export function writeOptions(
  request: ApiRequest,
  kind: 'CreateOptions' | 'UpdateOptions' | 'PatchOptions' | 'DeleteOptions',
) {
  const { query, headers } = request;
  const target = { group: 'meta.k8s.io', kind };
  const dryRun = query.getAll('dryRun').filter((value) => value !== '');
  if (dryRun.some((value) => value !== 'All')) throw invalid(target, '', [unsupported('dryRun', dryRun, ['All'])]);
  const validation = query.get('fieldValidation') ?? '';
  if (!VALIDATIONS.includes(validation)) {
    throw invalid(target, '', [unsupported('fieldValidation', validation, VALIDATIONS)]);
  }
  const named = query.get('fieldManager') ?? '';
  const warnings: string[] = [];
  const options: WriteOptions & { warnings: string[] } = {
    manager: named === '' ? programOf(headers['user-agent']) : named,
    dryRun: dryRun.length > 0,
    validation: (validation === '' ? 'Warn' : validation) as NonNullable<WriteOptions['validation']>,
    warnings,
  };
  return { options, isManagerNamed: named !== '' };
}

/** The program's name in a User-Agent: what stands before the first slash. */
function programOf(agent: string | undefined): string {
  return (agent ?? '').split('/')[0]?.slice(0, 128) ?? '';
}
