// A run of the server's: begun, listened to, and told what is wanted of it.
export class Run {
  // `told`: { show(snapshot), ended(), problem(text) }; `offline()`: what is said where nobody answers.
  constructor(told, offline) {
    [this.told, this.offline] = [told, offline];
    this.page = crypto.randomUUID(); // which has one run
    [this.begun, this.stream, this.attempt] = [null, null, 0];
  }

  get description() { return this.begun?.description; }

  async post(address, body) {
    let response;
    try {
      response = await fetch(address, {
        method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
      });
    } catch {
      throw new Error(this.offline());
    }
    const answer = await response.json();
    if (!response.ok) throw new Error(answer.error);
    return answer;
  }

  // Ends with its stream.
  end() {
    this.attempt += 1;
    this.stream?.close();
    [this.stream, this.begun] = [null, null];
  }

  // Returns whether it has begun, and is still wanted.
  async begin(settings, isPaused) {
    this.end();
    const mine = this.attempt;
    try {
      const begun = await this.post("lab/runs", { page: this.page, settings, isPaused });
      if (mine !== this.attempt) return false;
      this.begun = begun;
      this.listen(mine);
      return true;
    } catch (error) {
      if (mine === this.attempt) this.told.problem(error.message);
      return false;
    }
  }

  listen(mine) {
    const stream = new EventSource(`lab/runs/${this.begun.id}/events`);
    this.stream = stream;
    stream.addEventListener("message", (event) => {
      if (mine === this.attempt) this.told.show(JSON.parse(event.data));
    });
    // Without this the browser would ask for a run that has ended, again and again.
    for (const kind of ["end", "error"]) {
      stream.addEventListener(kind, () => {
        stream.close();
        if (mine !== this.attempt) return;
        this.end();
        this.told.ended();
      });
    }
  }

  async command(action, value) {
    if (!this.begun) return null;
    try {
      return await this.post(`lab/runs/${this.begun.id}`, { action, value });
    } catch (error) {
      this.told.problem(error.message);
      return null;
    }
  }
}
