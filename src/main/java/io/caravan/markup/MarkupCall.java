package io.caravan.markup;

/**
 * A tool call that was found in text.
 *
 * @param name the declared name
 * @param id the id in the markup, or null
 * @param arguments a JSON object as text
 */
record MarkupCall(String name, String id, String arguments) {}
