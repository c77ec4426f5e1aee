/**
 * The text of documents. They are read in a process of its own, whose memory and time are bounded:
 * a document that is made to exhaust its reader ends that process, and nothing else.
 *
 * <p>{@code senses} uses {@link io.caravan.documents.DocumentReader}. Only the classes that run in
 * that process know the libraries.
 */
package io.caravan.documents;
