/** A counter or a gauge with its samples by label. */
interface Family {
  help: string;
  type: 'counter' | 'gauge';
  samples: Map<string, number>;
}

type Labels = Readonly<Record<string, string>>;

/** Counters and gauges in Prometheus' text format: https://prometheus.io/docs/instrumenting/exposition_formats/ */
export class Metrics {
  readonly #families = new Map<string, Family>();

  /** Declares a metric; it is shown from now on, with 0 where it has no labels. */
  declare(name: string, type: Family['type'], help: string, first: Labels | null = {}): void {
    this.#families.set(name, { help, type, samples: new Map(first ? [[labelText(first), 0]] : []) });
  }

  add(name: string, labels: Labels = {}, value = 1): void {
    const { samples } = this.#family(name);
    const key = labelText(labels);
    samples.set(key, (samples.get(key) ?? 0) + value);
  }

  set(name: string, value: number, labels: Labels = {}): void {
    this.#family(name).samples.set(labelText(labels), value);
  }

  text(): string {
    const lines = [...this.#families].flatMap(([name, { help, type, samples }]) => [
      `# HELP ${name} ${help}`,
      `# TYPE ${name} ${type}`,
      ...[...samples].map(([labels, value]) => `${name}${labels} ${value}`),
    ]);
    return `${lines.join('\n')}\n`;
  }

  #family(name: string): Family {
    const family = this.#families.get(name);
    if (!family) throw new Error(`no metric ${name}`);
    return family;
  }
}

function labelText(labels: Labels): string {
  const escaped = (value: string): string =>
    value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}
