package io.caravan.openai;

/**
 * An upstream's report of a failure, independent of its many forms.
 *
 * @param status the HTTP status, or the one in the body; 0 if neither is known
 * @param type the upstream's own class of error, or null
 * @param code the upstream's own code, or null
 * @param message the upstream's own words; they may quote the prompt, so they go to the client and
 *     not into a log
 * @param param the request's field that the error is about, or null
 */
public record UpstreamError(int status, String type, String code, String message, String param) {}
