/**
 * The names of settings: which there are, where a value comes from, and what a mistyped name or
 * value was meant to be. A fault is told in the words of whoever has set it.
 *
 * <p>The start, the main class, and the packages that report a fault of an upstream use it. It uses
 * nothing but Camel's own settings.
 */
package io.caravan.settings;
