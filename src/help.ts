import { type Command, Help } from 'commander';

const EXIT_CODES =
  'Exit codes: 0 done; 1 found something; 2 usage; 3 could not run; 4 timed out or left something behind;\n' +
  '130 or 143 interrupted.\n';

/**
 * Help as people of kubectl and openstack expect it: what there is to do first, then flags; the global flags only in
 * the help of the program itself.
 */
export function formatHelp(command: Command, helper: Help): string {
  const text = Help.prototype.formatHelp.call(helper, command, helper);
  const sections = text.split(/\n(?=\S[^\n]*:\n)/);
  const isCommands = (section: string): boolean => section.startsWith('Commands:');
  const [intro = '', ...rest] = sections.map((section) => section.trimEnd());
  const ordered = [intro, ...rest.filter(isCommands), ...rest.filter((section) => !isCommands(section))];
  const tail = command.parent
    ? 'The global flags, such as -f, -o, --os-cloud and --context, are listed by `manila-rwx --help`.\n'
    : EXIT_CODES;
  return `${ordered.join('\n\n')}\n\n${tail}`;
}
