import type { LabelSelector } from '../objects.ts';
import { badRequest } from '../status.ts';

type Labels = Readonly<Record<string, string>> | undefined;
export type LabelTest = (labels: Labels) => boolean;

interface Requirement {
  key: string;
  operator: '=' | '!=' | 'in' | 'notin' | 'exists' | '!exists' | '>' | '<';
  values: string[];
}

const everything: LabelTest = () => true;

/**
 * A test for a label selector as it stands in a query: `a=b,c in (d,e),!f`.
 * @throws ApiError 400 where it cannot be parsed, in the words of apimachinery's pkg/labels.
 */
export function parseLabelSelector(text: string | undefined): LabelTest {
  if (text === undefined || text.trim() === '') return everything;
  const requirements = new Parser(text).requirements();
  return (labels) => requirements.every((requirement) => meets(requirement, labels));
}

/** A test for a selector as it stands in an object. One without any term matches everything, as there. */
export function labelSelectorTest(selector: LabelSelector | undefined): LabelTest {
  if (!selector) return () => false;
  const requirements: Requirement[] = [
    ...Object.entries(selector.matchLabels ?? {}).map(([key, value]): Requirement => ({
      key,
      operator: '=',
      values: [value],
    })),
    ...(selector.matchExpressions ?? []).map(({ key, operator, values = [] }): Requirement => ({
      key,
      operator: OPERATORS[operator] ?? '=',
      values,
    })),
  ];
  return (labels) => requirements.every((requirement) => meets(requirement, labels));
}

/** Do the labels meet one term of a node selector (`In`, `NotIn`, `Exists`, `DoesNotExist`, `Gt`, `Lt`)? */
export function meetsExpression(
  expression: { key: string; operator: string; values?: string[] },
  labels: Labels,
): boolean {
  const operator = OPERATORS[expression.operator] ?? '=';
  return meets({ key: expression.key, operator, values: expression.values ?? [] }, labels);
}

const OPERATORS: Readonly<Record<string, Requirement['operator']>> = {
  In: 'in',
  NotIn: 'notin',
  Exists: 'exists',
  DoesNotExist: '!exists',
  Gt: '>',
  Lt: '<',
};

function meets({ key, operator, values }: Requirement, labels: Labels): boolean {
  const value = labels?.[key];
  switch (operator) {
    case '=':
    case 'in':
      return value !== undefined && values.includes(value);
    case '!=':
    case 'notin':
      return value === undefined || !values.includes(value);
    case 'exists':
      return value !== undefined;
    case '!exists':
      return value === undefined;
    case '>':
      return value !== undefined && Number(value) > Number(values[0]);
    case '<':
      return value !== undefined && Number(value) < Number(values[0]);
  }
}

class Parser {
  readonly #tokens: string[];
  #next = 0;

  constructor(text: string) {
    this.#tokens = text.match(/==|!=|[=!(),<>]|[^\s=!(),<>]+/g) ?? [];
  }

  requirements(): Requirement[] {
    const found = [this.#requirement()];
    while (this.#peek() === ',') {
      this.#next++;
      found.push(this.#requirement());
    }
    if (this.#peek() !== undefined) throw this.#unexpected("',' or 'end of string'");
    return found;
  }

  #requirement(): Requirement {
    if (this.#peek() === '!') {
      this.#next++;
      return { key: this.#identifier(), operator: '!exists', values: [] };
    }
    const key = this.#identifier();
    const token = this.#peek();
    if (token === undefined || token === ',') return { key, operator: 'exists', values: [] };
    this.#next++;
    if (token === '=' || token === '==') return { key, operator: '=', values: [this.#value()] };
    if (token === '!=') return { key, operator: '!=', values: [this.#value()] };
    if (token === '>' || token === '<') return { key, operator: token, values: [this.#identifier()] };
    if (token === 'in' || token === 'notin') return { key, operator: token, values: this.#values() };
    this.#next--;
    throw this.#unexpected('in, notin, =, ==, !=, gt, lt');
  }

  #values(): string[] {
    if (this.#take() !== '(') throw this.#unexpected("'('", -1);
    const values = [this.#value()];
    for (let token = this.#take(); token !== ')'; token = this.#take()) {
      if (token !== ',') throw this.#unexpected("',' or ')'", -1);
      values.push(this.#value());
    }
    return values;
  }

  /** A value may be empty: `a=`. */
  #value(): string {
    const token = this.#peek();
    if (token === undefined || token === ',' || token === ')') return '';
    return this.#identifier();
  }

  #identifier(): string {
    const token = this.#take();
    if (token === undefined || /^[=!(),<>]/.test(token)) throw this.#unexpected('identifier', -1);
    return token;
  }

  #peek(): string | undefined {
    return this.#tokens[this.#next];
  }

  #take(): string | undefined {
    return this.#tokens[this.#next++];
  }

  #unexpected(expected: string, offset = 0) {
    const found = this.#tokens[this.#next + offset] ?? '';
    return badRequest(`unable to parse requirement: found '${found}', expected: ${expected}`);
  }
}

/** One term of a field selector. */
export interface FieldTerm {
  field: string;
  value: string;
  equals: boolean;
}

/** The terms of `metadata.name=a,status.phase!=Running`. */
export function parseFieldSelector(text: string | undefined): FieldTerm[] {
  if (text === undefined || text.trim() === '') return [];
  return text.split(',').map((term) => {
    const match = /^([^=!]+)(==|!=|=)(.*)$/.exec(term.trim());
    if (!match) throw badRequest(`invalid selector: '${text}'; can't understand '${term}'`);
    const [, field = '', operator, value = ''] = match;
    return { field, value, equals: operator !== '!=' };
  });
}
