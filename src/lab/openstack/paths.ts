/** A path template such as `/shares/{share_id}/action`, ready to be compared. */
export interface PathTemplate {
  text: string;
  parts: readonly string[];
}

export function pathTemplate(text: string): PathTemplate {
  return { text, parts: text.split('/').slice(1) };
}

/** The named parts of a path, percent-decoded, or undefined where the path is another one. */
export function matchPath(template: PathTemplate, parts: readonly string[]): Record<string, string> | undefined {
  if (template.parts.length !== parts.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, wanted] of template.parts.entries()) {
    const given = parts[index] ?? '';
    if (wanted.startsWith('{')) {
      if (given === '') return undefined;
      params[wanted.slice(1, -1)] = decoded(given);
    } else if (wanted !== given) return undefined;
  }
  return params;
}

export function pathParts(path: string): string[] {
  return path.split('/').slice(1);
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
