// Fingers on a screen, by what Chromium gets from a real one: its gesture recogniser sees every touch.
export class Fingers {
  static async of(page) {
    const fingers = new Fingers();
    fingers.page = page;
    fingers.session = await page.context().newCDPSession(page);
    return fingers;
  }

  async send(type, points) {
    const touchPoints = points.map(({ x, y }, id) => ({ x, y, id, radiusX: 4, radiusY: 4, force: 1 }));
    await this.session.send("Input.dispatchTouchEvent", { type, touchPoints });
  }

  async tap(at) {
    await this.send("touchStart", [at]);
    await this.send("touchEnd", []);
  }

  // One finger goes from one place to another. `hold` looks at the page before it is lifted.
  async drag(from, to, hold = async () => {}) {
    await this.send("touchStart", [from]);
    await this.along([from], [to]);
    await hold();
    await this.send("touchEnd", []);
  }

  // A finger rests until the page takes it for a long press: what it does then is the page's to say.
  async press(at, then = async () => {}) {
    await this.send("touchStart", [at]);
    await this.page.waitForTimeout(600);
    await then();
    await this.send("touchEnd", []);
  }

  // A long press that lifts what is under it, and carries it elsewhere.
  async carry(from, to, hold = async () => {}) {
    await this.press(from, async () => {
      await this.along([from], [to]);
      await hold();
    });
  }

  // Two fingers, from two places to two others.
  async pinch(from, to) {
    await this.send("touchStart", [from[0]]);
    await this.send("touchStart", from);
    await this.along(from, to);
    await this.send("touchEnd", []);
  }

  // They come to rest: what is let go in motion flies on, and swallows the next tap.
  async along(from, to, steps = 6) {
    for (let step = 1; step <= steps; step += 1) {
      const share = step / steps;
      await this.send("touchMove", from.map((start, place) => ({
        x: start.x + (to[place].x - start.x) * share,
        y: start.y + (to[place].y - start.y) * share,
      })));
    }
    await this.page.waitForTimeout(150);
    await this.send("touchMove", to);
  }
}
