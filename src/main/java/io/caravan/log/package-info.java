/** The log of the runnable jar, and what may never be written to a log. */
package io.caravan.log;
