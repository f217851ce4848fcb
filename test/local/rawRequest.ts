import { Agent, request } from "node:https";

export interface RawAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** One request through the proxy without an SDK in between. */
export function rawRequest(
  proxy: string,
  url: string,
  { method = "GET", headers = {}, body = "" }: { method?: string; headers?: object; body?: string } = {},
): Promise<RawAnswer> {
  const agent = new Agent({ proxyEnv: { HTTPS_PROXY: proxy } });
  return new Promise((resolve, reject) => {
    request(url, { agent, method, headers: { ...headers } }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk) => {
        text += chunk;
      });
      response.on("error", reject);
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
      );
    })
      .on("error", reject)
      .end(body);
  });
}
