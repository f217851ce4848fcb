import { useService } from "../support/useService.ts";

/** One local Azure for all parts of this suite, because starting one takes longer than most tests. */
export const given = useService();
