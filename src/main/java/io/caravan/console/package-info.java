/**
 * The console: what runs, what went wrong, what it cost, for a person with a browser. It is made of
 * the records of requests and of what the beans of limits and models say of themselves; it holds no
 * prompt, no completion and no key.
 */
package io.caravan.console;
