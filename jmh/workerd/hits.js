// The counter of the load run as a Durable Object of workerd; the response waits for the write, as workerd's output gate has it.
export default {
  fetch(request, env) {
    const id = new URL(request.url).pathname.split("/")[3];
    return env.hits.get(env.hits.idFromName(id)).fetch(request);
  },
};

export class Hits {
  constructor(state) {
    this.storage = state.storage;
  }

  async fetch(request) {
    const { by } = await request.json();
    const stored = ((await this.storage.get("stored")) ?? 0) + by;
    this.storage.put("stored", stored);
    return Response.json(stored);
  }
}
