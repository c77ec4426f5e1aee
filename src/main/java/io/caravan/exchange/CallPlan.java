package io.caravan.exchange;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.Exchange;

/**
 * The plan of one call, for an exchange in which nothing is called, waited for or learned. A step
 * of a provider's route that does any of these looks for the plan first, and writes into it what it
 * would have done.
 */
public final class CallPlan {
  private static final String PROPERTY = "CaravanCallPlan";

  private final Map<String, Object> entries = new LinkedHashMap<>();

  private CallPlan() {}

  /** Makes an exchange one in which nothing is called, and returns its plan. */
  public static CallPlan begin(Exchange exchange) {
    CallPlan plan = new CallPlan();
    exchange.setProperty(PROPERTY, plan);
    return plan;
  }

  /** Returns the plan of an exchange, or null if its calls are made. */
  public static CallPlan of(Exchange exchange) {
    return exchange.getProperty(PROPERTY, CallPlan.class);
  }

  /** Enters what a step would have done. Neither may be a secret. */
  public void enter(String name, Object value) {
    entries.put(name, value);
  }

  /** Returns what the steps have entered, in their order. */
  public Map<String, Object> entries() {
    return entries;
  }
}
