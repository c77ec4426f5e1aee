package io.caravan.documents;

import java.time.Duration;

/**
 * The bounds within which a document is read.
 *
 * @param pages the most pages that are read
 * @param characters the most characters of its text
 * @param scans the most pages without text of which an image is made; 0 for none
 * @param timeout the time for all of it; what has been read until shortly before then is kept
 */
public record DocumentLimits(int pages, int characters, int scans, Duration timeout) {}
