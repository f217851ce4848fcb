/** The whole service through the real SDKs, over TLS, with real blob leases. */
import "./rotation.cases.ts";
import "./lostAnswers.cases.ts";
import "./unfinished.cases.ts";
import "./compromise.cases.ts";
import "./blocked.cases.ts";
import "./permissions.cases.ts";
import "./leases.cases.ts";
import "./isolation.cases.ts";
import "./identity.cases.ts";
import "./discovery.cases.ts";
import "./foreign.cases.ts";
import "./pace.cases.ts";
