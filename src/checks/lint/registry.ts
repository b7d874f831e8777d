import { CLASS_SECRET_RULES } from './rules/class-secrets.ts';
import { PARAMETER_RULES } from './rules/parameters.ts';
import { PROVISIONER_RULES } from './rules/provisioner.ts';
import { SECRET_RULES } from './rules/secret.ts';
import { SHARE_CLIENT_RULES } from './rules/share-clients.ts';
import { SHARE_TYPE_RULES } from './rules/share-type.ts';
import type { LintRule } from './types.ts';

/** Every rule of `storageclass lint`. A new one is an object in a file under `rules/`, named in its list. */
export const LINT_RULES: readonly LintRule[] = [
  ...PROVISIONER_RULES,
  ...PARAMETER_RULES,
  ...SHARE_CLIENT_RULES,
  ...CLASS_SECRET_RULES,
  ...SHARE_TYPE_RULES,
  ...SECRET_RULES,
];
