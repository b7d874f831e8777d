export async function realStack() {
  throw new Error('x');
}
