const FIELD = "documents";
const COUNT_MAX = 20;
const BYTES_MAX = 67_108_864;
/** As long as a page needs to start; the browser may end the worker sooner. */
const KEPT_MS = 120_000;

/**
 * Documents that another program has shared with this one, until a page asks for them.
 *
 * They are in memory and nowhere else. Who shares sends a form to `/import`; it ends here and never reaches the site.
 */
export class SharedDocuments {
  #files: readonly File[] = [];
  #since = 0;

  isShared(request: Request): boolean {
    return request.method === "POST" && new URL(request.url).pathname === "/import";
  }

  /** Take what is shared, and lead to the page that asks for it. */
  async take(request: Request): Promise<Response> {
    const form = await request.formData().catch(() => new FormData());
    const files = form.getAll(FIELD).filter((value): value is File => value instanceof File);
    const bytes = files.reduce((sum, file) => sum + file.size, 0);
    const fine = files.length > 0 && files.length <= COUNT_MAX && bytes <= BYTES_MAX;
    this.#files = fine ? files : [];
    this.#since = Date.now();
    return Response.redirect(fine ? "/import?shared" : "/import?again", 303);
  }

  /** Give them to who asks first. */
  give(): readonly File[] {
    const files = Date.now() - this.#since < KEPT_MS ? this.#files : [];
    this.#files = [];
    return files;
  }
}
