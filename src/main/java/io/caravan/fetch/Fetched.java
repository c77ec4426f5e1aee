package io.caravan.fetch;

import java.net.URI;

/**
 * The content behind a URL.
 *
 * @param bytes the content, decompressed
 * @param mediaType the media type in lower case, without parameters
 * @param charset the charset that the server named, or null
 * @param uri the URL that the content came from, after redirects
 */
@SuppressWarnings("ArrayRecordComponent")
public record Fetched(byte[] bytes, String mediaType, String charset, URI uri) {}
