import type { Program, ProgramContext } from '../kubelet/programs.ts';
import { Flags, socketPath } from './flags.ts';
import type { Sockets } from './rpc.ts';

/** The program `livenessprobe`: asks the driver at its socket whether it is ready. */
export function livenessProbe(sockets: Sockets) {
  return (context: ProgramContext): Program => {
    const flags = new Flags(context.args, ['v']);
    const place = context.place(socketPath(flags.text('csi-address', '/run/csi/socket')));
    context.log('I0000 00:00:00.000000       1 main.go:135] "Calling CSI driver to discover driver name"');
    return { healthy: () => sockets.at(place)?.probe() === true };
  };
}
