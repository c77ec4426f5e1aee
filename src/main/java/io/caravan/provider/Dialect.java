package io.caravan.provider;

import io.caravan.json.RawJson;
import java.util.Map;
import java.util.function.Function;

/**
 * The form of requests to one model of one provider. The model's card comes before the provider,
 * and the provider before the default. A dialect is computed once. The meaning of each component is
 * described at the setter of its name in {@link Quirks} and {@link ModelCard}.
 *
 * @param provider the provider's name
 * @param contextWindow null if unknown
 * @param maxOutput null if unknown
 * @param images {@link Attachments#NONE} also if the model sees none
 * @param efforts the upstream's name of each effort
 * @param templateKwargs values as JSON text
 * @param extraBody further top-level fields
 */
public record Dialect(
    String provider,
    Integer contextWindow,
    Integer maxOutput,
    boolean tools,
    boolean parallelToolCalls,
    boolean streamUsage,
    String maxTokensField,
    Integer defaultMaxTokens,
    boolean topK,
    boolean sampling,
    boolean parallelField,
    ResponseFormat responseFormat,
    boolean strictSchemas,
    boolean strictTools,
    ToolChoiceForm toolChoice,
    ReasoningSwitch reasoning,
    Efforts efforts,
    boolean forcedToolNeedsNoThinking,
    Map<String, String> templateKwargs,
    Boolean clearThinking,
    boolean thinkingOpen,
    ReasoningReplay reasoningReplay,
    Filler reasoningFiller,
    boolean thoughtSignatures,
    ToolIdForm toolIds,
    boolean mergeNeighbours,
    boolean toolToUserBridge,
    Attachments images,
    Attachments documents,
    SchemaForm schema,
    String schemaWithout,
    boolean toolProperties,
    String reservedParameters,
    int toolNameLimit,
    Integer toolDescriptionLimit,
    Integer maxStops,
    PrefillForm prefill,
    SystemRole systemRole,
    Filler emptyContent,
    Map<String, RawJson> extraBody) {

  /**
   * Resolves the dialect of a model.
   *
   * @param card the model's card, or null if it has none
   * @throws IllegalArgumentException if a setting can't be read; the message names it
   */
  public static Dialect of(Provider provider, ModelCard card) {
    return of(provider, card, null);
  }

  /**
   * Resolves the dialect of a model about which something has been learned.
   *
   * @param learned facts from the upstream itself, which come before the card; or null
   */
  public static Dialect of(Provider provider, ModelCard card, ModelCard learned) {
    ModelCard model = card == null ? new ModelCard() : card;
    ModelCard found = learned == null ? new ModelCard() : learned;
    Pick pick = new Pick(provider, model, found);
    ReasoningSwitch reasoning = pick.of(Quirks::getReasoning, ReasoningSwitch.NONE);
    boolean blind = Boolean.FALSE.equals(pick.ofModel(ModelCard::getVision));
    return new Dialect(
        provider.getName(),
        pick.ofModel(ModelCard::getContextWindow),
        pick.ofModel(ModelCard::getMaxOutput),
        !Boolean.FALSE.equals(model.getTools()),
        !Boolean.FALSE.equals(pick.ofModel(ModelCard::getParallelToolCalls)),
        pick.of(Quirks::getStreamUsage, true),
        pick.of(Quirks::getMaxTokensField, "max_tokens"),
        pick.of(Quirks::getDefaultMaxTokens, null),
        pick.of(Quirks::getTopK, false),
        pick.of(Quirks::getSampling, true),
        pick.of(Quirks::getParallelField, true),
        pick.of(Quirks::getResponseFormat, ResponseFormat.JSON_SCHEMA),
        pick.of(Quirks::getStrictSchemas, false),
        pick.of(Quirks::getStrictTools, false),
        pick.of(Quirks::getToolChoice, ToolChoiceForm.OPENAI),
        reasoning,
        Efforts.parse(pick.efforts(Efforts.defaultFor(reasoning))),
        pick.of(Quirks::getForcedToolNeedsNoThinking, false),
        TemplateKwargs.parse(pick.of(Quirks::getTemplateKwargs, "")),
        pick.of(Quirks::getClearThinking, null),
        pick.of(Quirks::getThinkingOpen, false),
        pick.of(Quirks::getReasoningReplay, ReasoningReplay.NONE),
        pick.of(Quirks::getReasoningFiller, Filler.OMIT),
        pick.of(Quirks::getThoughtSignatures, false),
        pick.of(Quirks::getToolIds, ToolIdForm.ANY),
        pick.of(Quirks::getMergeNeighbours, false),
        pick.of(Quirks::getToolToUserBridge, false),
        blind ? Attachments.NONE : pick.of(Quirks::getImages, Attachments.URL),
        pick.of(Quirks::getDocuments, Attachments.NONE),
        pick.of(Quirks::getSchema, SchemaForm.FULL),
        pick.of(Quirks::getSchemaWithout, ""),
        pick.of(Quirks::getToolProperties, false),
        pick.of(Quirks::getReservedParameters, ""),
        pick.of(Quirks::getToolNameLimit, 64),
        pick.of(Quirks::getToolDescriptionLimit, null),
        pick.of(Quirks::getMaxStops, null),
        pick.of(Quirks::getPrefill, PrefillForm.AS_USER),
        pick.of(Quirks::getSystemRole, SystemRole.SYSTEM),
        pick.of(Quirks::getEmptyContent, Filler.NULL),
        ExtraBody.parse(pick.of(Quirks::getExtraBody, "")));
  }

  /**
   * Picks a value: learned facts come before the card, the card before the provider, the provider
   * before the default.
   */
  private record Pick(Provider provider, ModelCard card, ModelCard learned) {
    <T> T of(Function<Quirks, T> property, T otherwise) {
      T value = ofModel(property);
      if (value == null) {
        value = property.apply(provider);
      }
      return value == null ? otherwise : value;
    }

    /**
     * Picks the efforts. They belong to the switch: a card with a switch of its own has nothing of
     * its provider's.
     */
    String efforts(String otherwise) {
      boolean own = ofModel(Quirks::getReasoning) != null;
      String efforts = ofModel(Quirks::getEfforts);
      efforts = efforts == null && !own ? provider.getEfforts() : efforts;
      return efforts == null ? otherwise : efforts;
    }

    <T> T ofModel(Function<? super ModelCard, T> property) {
      T value = property.apply(learned);
      return value == null ? property.apply(card) : value;
    }
  }
}
