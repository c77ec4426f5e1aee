/** The steps that find words for what a model can't see or read itself, images and documents. */
package io.caravan.stage.senses;
