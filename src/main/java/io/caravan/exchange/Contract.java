package io.caravan.exchange;

/**
 * The exchange contract: every property that one stage writes for another. A stage of your own may
 * stand in for any of Caravan's as long as it leaves what the table in the README says. They are
 * exchange properties, not headers, because platform-http and camel-http send headers on.
 */
public final class Contract {
  /** String: {@code req_…}, also the response header {@code request-id}. Written by accept. */
  public static final String REQUEST_ID = "CaravanRequestId";

  /** {@link ClientInfo}: who asks and how. Written by accept. */
  public static final String CLIENT = "CaravanClient";

  /**
   * {@link io.caravan.limits.client.Client}: whose key it is, and what it allows. Written by
   * accept.
   */
  public static final String KEY_HOLDER = "CaravanKeyHolder";

  /**
   * {@link io.caravan.limits.client.Reservation}: what the request may cost its client. Written by
   * limit-client, charged by charge-client.
   */
  public static final String RESERVATION = "CaravanReservation";

  /** {@link io.caravan.http.ClientResponse}: the open answer. Written by accept. */
  public static final String RESPONSE = "CaravanResponse";

  /**
   * {@code Map<String, String>}: headers that the answer will carry. Created by accept; any stage
   * may add.
   */
  public static final String RESPONSE_HEADERS = "CaravanResponseHeaders";

  /** {@link io.caravan.anthropic.MessagesRequest}. Written by read-request. */
  public static final String REQUEST = "CaravanRequest";

  /**
   * Long: input tokens of the request: estimated by count-tokens, in whose place a user's own
   * counter may stand, or as the upstream has counted them (ask-count).
   */
  public static final String INPUT_TOKENS = "CaravanInputTokens";

  /**
   * Long: the same before it was corrected by what calls of the conversation cost. Written by
   * count-tokens.
   */
  public static final String RAW_TOKENS = "CaravanRawTokens";

  /**
   * String: of what kind the request was, where it has been answered without a model. Written by
   * answer-locally.
   */
  public static final String LOCAL_ANSWER = "CaravanLocalAnswer";

  /** {@link ModelChoice}: which provider and model answer. Written by choose-model. */
  public static final String MODEL = "CaravanModel";

  /** {@code List<ModelChoice>}: who is asked next if that one fails. Written by choose-model. */
  public static final String FALLBACKS = "CaravanFallbacks";

  /** What has been tried. Written by retry. */
  public static final String ATTEMPTS = "CaravanAttempts";

  /**
   * String: name of the provider whose route is called next. Written by choose-model; a route may
   * overwrite it.
   */
  public static final String PROVIDER = "CaravanProvider";

  /**
   * {@link io.caravan.translate.request.UpstreamRequest}: what goes upstream. Written by convert.
   */
  public static final String UPSTREAM_REQUEST = "CaravanUpstreamRequest";

  /**
   * {@code Map<String, String>}: further headers of this one call. Written by a step between
   * convert and call, such as upload-images.
   */
  public static final String UPSTREAM_HEADERS = "CaravanUpstreamHeaders";

  /** {@link Answer}: the message as it grows. Written by convert. */
  public static final String ANSWER = "CaravanAnswer";

  /**
   * String, a name of {@link io.caravan.provider.Protocol}: what the upstream that was called last
   * speaks. Written by convert and pass-on. Not the constant itself: comparing one with a text
   * takes Camel a fifth of a small request.
   */
  public static final String PROTOCOL = "CaravanProtocol";

  /**
   * {@link PassThroughAnswer}: the answer of a provider that speaks the Messages API itself.
   * Written by pass-on.
   */
  public static final String PASSED = "CaravanPassed";

  /** {@link UpstreamStream}: the open answer of the upstream, also the body. Written by call. */
  public static final String STREAM = "CaravanStream";

  /**
   * {@link io.caravan.anthropic.MessageAggregator}: the message of a non-streaming call as it
   * grows. Made by convert and by the local answers, filled by write-events.
   */
  public static final String AGGREGATOR = "CaravanAggregator";

  /**
   * {@link RequestSummary}: what metrics and the log are told once the request is over. Created by
   * accept.
   */
  public static final String TALLY = "CaravanTally";

  /**
   * {@link io.caravan.limits.upstream.AdmissionRequest}: this request's place in queues. Created by
   * admit.
   */
  public static final String ADMISSION = "CaravanAdmission";

  /**
   * {@link io.caravan.limits.upstream.Permit}: leave for the call under way. Written by admit,
   * closed by who ends the call.
   */
  public static final String PERMIT = "CaravanPermit";

  /**
   * {@link io.caravan.http.KeepAlivePings}: keeps a streaming client patient. Written by
   * keep-alive.
   */
  public static final String LIFE_SIGNS = "CaravanLifeSigns";

  /** String: the query of a request for the list of models. Written by the route. */
  public static final String QUERY = "CaravanQuery";

  /** String: the path behind {@code /v1/models/}. Written by the route. */
  public static final String MODEL_ID = "CaravanModelId";

  private Contract() {}
}
