package io.caravan.doctor;

import io.caravan.models.UpstreamCheck;
import io.caravan.provider.Provider;
import org.apache.camel.CamelContext;

/** Looks at a provider's settings, and asks its upstream for the list of models. */
public final class ProviderCheck {
  private ProviderCheck() {}

  /**
   * Examines a provider.
   *
   * @return whether its models may work
   */
  public static boolean examine(CamelContext context, Provider provider, Findings findings) {
    return examine(new UpstreamCheck(context, true), provider, findings);
  }

  static boolean examine(UpstreamCheck check, Provider provider, Findings findings) {
    findings.trying("the list of models of " + provider.getName());
    boolean well = true;
    for (UpstreamCheck.Finding found : check.of(provider)) {
      well &= found.mayWork();
      findings.add(
          found.mayWork()
              ? Finding.note(provider.getName(), found.text(), found.advice())
              : Finding.problem(provider.getName(), found.text(), found.advice()));
    }
    return well;
  }
}
