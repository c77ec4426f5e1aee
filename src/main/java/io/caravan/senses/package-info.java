/**
 * Content that a model can't see or read itself: images in another model's words, and images by URL
 * as data. Stages use the beans of this package; {@code routes/senses.camel.yaml} declares them.
 */
package io.caravan.senses;
