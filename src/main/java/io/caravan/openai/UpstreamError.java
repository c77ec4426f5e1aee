package io.caravan.openai;

/**
 * What an upstream said of a failure, in whichever of the many shapes it said it.
 *
 * @param status the HTTP status, or the one that the body names; 0 where neither does
 * @param type the upstream's own class of error, or null
 * @param code the upstream's own code, or null
 * @param message in the upstream's own words; may quote the prompt, so it goes to the client and
 *     not into a log
 * @param param the request's field that it complains of, or null
 */
public record UpstreamError(int status, String type, String code, String message, String param) {}
