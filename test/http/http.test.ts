/** What callers of the HTTP functions see, over the real SDKs. */
import "./requests.cases.ts";
import "./answers.cases.ts";
import "./status.cases.ts";
import "./configuration.cases.ts";
import "./headers.cases.ts";
import "./page.cases.ts";
import "./sizes.cases.ts";
