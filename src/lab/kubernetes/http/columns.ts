import type { Json } from '../json.ts';
import type { KubeObject, LabelSelector } from '../objects.ts';

/** One column of `kubectl get`. */
export interface Column {
  name: string;
  type: string;
  /** Above 0: only with `-o wide`. */
  priority?: number;
  format?: string;
}

/** How the objects of a kind are shown: columns, and the cells of one object. */
export interface Printer {
  columns: Column[];
  cells(object: KubeObject): Json[];
}

export const NAME: Column = { name: 'Name', type: 'string', format: 'name' };
export const AGE: Column = { name: 'Age', type: 'string' };

/** `5m12s`, `3h`: a time as `kubectl get` shows it (apimachinery's duration.HumanDuration). */
export function humanDuration(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  if (seconds < -1) return '<invalid>';
  if (seconds < 0) return '0s';
  const [minutes, hours, days] = [Math.floor(seconds / 60), Math.floor(seconds / 3600), Math.floor(seconds / 86_400)];
  if (seconds < 120) return `${seconds}s`;
  if (minutes < 10) return seconds % 60 === 0 ? `${minutes}m` : `${minutes}m${seconds % 60}s`;
  if (minutes < 180) return `${minutes}m`;
  if (hours < 8) return minutes % 60 === 0 ? `${hours}h` : `${hours}h${minutes % 60}m`;
  if (hours < 48) return `${hours}h`;
  return hours < 192 && hours % 24 !== 0 ? `${days}d${hours % 24}h` : `${days}d`;
}

/** How long ago a moment was. */
export function age(since: string | null | undefined): string {
  if (since === undefined || since === null || since === '') return '<unknown>';
  return humanDuration(Date.now() - Date.parse(since));
}

/** Labels as `a=b,c=d`, or `<none>`. */
export function labels(map: Record<string, string> | undefined): string {
  const texts = Object.entries(map ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${value}`);
  return texts.length === 0 ? '<none>' : texts.join(',');
}

export function selectorText(selector: LabelSelector | undefined): string {
  return labels(selector?.matchLabels);
}

/** Short forms of access modes: `RWX`. */
export function modes(list: readonly string[] | undefined): string {
  const short: Record<string, string> = {
    ReadWriteOnce: 'RWO',
    ReadOnlyMany: 'ROX',
    ReadWriteMany: 'RWX',
    ReadWriteOncePod: 'RWOP',
  };
  return Object.keys(short)
    .filter((mode) => list?.includes(mode))
    .map((mode) => short[mode])
    .join(',');
}
