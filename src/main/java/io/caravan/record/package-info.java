/**
 * Recordings of exchanges, as case files of the corpus' own form: the client's request, what was
 * sent to the upstreams, their responses, and the response to the client. A recording holds prompts
 * and the contents of files as they were; the gateway's own keys are masked.
 */
package io.caravan.record;
