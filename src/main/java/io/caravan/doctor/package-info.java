/** {@code java -jar caravan.jar doctor}: tries what is configured, and says what to change. */
package io.caravan.doctor;
