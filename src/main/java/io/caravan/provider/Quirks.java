package io.caravan.provider;

/**
 * The differences of an upstream from OpenAI's own API, as far as requests go. Each can be set on a
 * {@link Provider} and again on one of its models, in a {@link ModelCard}; null means unset.
 */
public abstract class Quirks {
  private Boolean streamUsage;
  private String maxTokensField;
  private Integer defaultMaxTokens;
  private Boolean topK;
  private Boolean sampling;
  private Boolean parallelField;
  private ResponseFormat responseFormat;
  private Boolean strictSchemas;
  private Boolean strictTools;
  private ToolChoiceForm toolChoice;
  private ReasoningSwitch reasoning;
  private String efforts;
  private Boolean forcedToolNeedsNoThinking;
  private String templateKwargs;
  private Boolean clearThinking;
  private Boolean thinkingOpen;
  private ReasoningReplay reasoningReplay;
  private Filler reasoningFiller;
  private Boolean thoughtSignatures;
  private ToolIdForm toolIds;
  private Boolean mergeNeighbours;
  private Boolean toolToUserBridge;
  private Attachments images;
  private Attachments documents;
  private SchemaForm schema;
  private String schemaWithout;
  private Boolean toolProperties;
  private String reservedParameters;
  private Integer toolNameLimit;
  private Integer toolDescriptionLimit;
  private Integer maxStops;
  private PrefillForm prefill;
  private SystemRole systemRole;
  private Filler emptyContent;
  private String extraBody;

  Quirks() {}

  public Boolean getStreamUsage() {
    return streamUsage;
  }

  /**
   * Sets whether {@code stream_options.include_usage} is sent (default true). Without it most
   * servers report no usage in a stream; a few refuse the field.
   */
  public void setStreamUsage(Boolean streamUsage) {
    this.streamUsage = streamUsage;
  }

  public String getMaxTokensField() {
    return maxTokensField;
  }

  /**
   * Sets the name of the limit: {@code max_tokens} (default), or {@code max_completion_tokens},
   * which OpenAI's reasoning models, Azure, Cerebras, MiniMax, Moonshot and Weights &amp; Biases
   * require; hosted NIM refuses the latter.
   */
  public void setMaxTokensField(String maxTokensField) {
    this.maxTokensField = maxTokensField;
  }

  public Integer getDefaultMaxTokens() {
    return defaultMaxTokens;
  }

  /**
   * Sets the {@code max_tokens} of requests without one (default: left out). Hosted NIM's own
   * default is low and cuts completions off.
   */
  public void setDefaultMaxTokens(Integer defaultMaxTokens) {
    this.defaultMaxTokens = defaultMaxTokens;
  }

  public Boolean getTopK() {
    return topK;
  }

  /**
   * Sets whether {@code top_k} is accepted (default false): vLLM, SGLang, llama.cpp, OpenRouter.
   */
  public void setTopK(Boolean topK) {
    this.topK = topK;
  }

  public Boolean getSampling() {
    return sampling;
  }

  /**
   * Sets whether {@code temperature} and {@code top_p} are accepted (default true); Kimi K2.5 and
   * later and OpenAI's reasoning models refuse them.
   */
  public void setSampling(Boolean sampling) {
    this.sampling = sampling;
  }

  public Boolean getParallelField() {
    return parallelField;
  }

  /** Sets whether {@code parallel_tool_calls} is accepted (default true). */
  public void setParallelField(Boolean parallelField) {
    this.parallelField = parallelField;
  }

  public ResponseFormat getResponseFormat() {
    return responseFormat;
  }

  /** Sets how far the upstream can be bound to a JSON schema (default {@code JSON_SCHEMA}). */
  public void setResponseFormat(ResponseFormat responseFormat) {
    this.responseFormat = responseFormat;
  }

  public Boolean getStrictSchemas() {
    return strictSchemas;
  }

  /**
   * Sets whether a response schema is sent with {@code strict} if it has the form that OpenAI
   * requires for that (default false).
   */
  public void setStrictSchemas(Boolean strictSchemas) {
    this.strictSchemas = strictSchemas;
  }

  public Boolean getStrictTools() {
    return strictTools;
  }

  /** Sets whether a tool's {@code strict} is sent (default false); Moonshot refuses it. */
  public void setStrictTools(Boolean strictTools) {
    this.strictTools = strictTools;
  }

  public ToolChoiceForm getToolChoice() {
    return toolChoice;
  }

  /** Sets the values of {@code tool_choice} that are accepted (default {@code OPENAI}). */
  public void setToolChoice(ToolChoiceForm toolChoice) {
    this.toolChoice = toolChoice;
  }

  public ReasoningSwitch getReasoning() {
    return reasoning;
  }

  /** Sets the switch for thinking (default {@code NONE}). */
  public void setReasoning(ReasoningSwitch reasoning) {
    this.reasoning = reasoning;
  }

  public String getEfforts() {
    return efforts;
  }

  /**
   * Sets the efforts that the upstream accepts, separated by commas, each as {@code name} or as
   * {@code anthropic=upstream}, for example {@code none,low,medium=high,high,max}. An unlisted one
   * becomes the next higher listed one, or else the highest. The default for {@code
   * REASONING_EFFORT} and {@code OPENROUTER} is {@code low,medium,high}; for the others it is none,
   * and then no effort is sent.
   */
  public void setEfforts(String efforts) {
    this.efforts = efforts;
  }

  public Boolean getForcedToolNeedsNoThinking() {
    return forcedToolNeedsNoThinking;
  }

  /**
   * Sets whether a forced {@code tool_choice} is refused while thinking (default false): Kimi
   * answers "tool_choice 'specified' is incompatible with thinking enabled".
   */
  public void setForcedToolNeedsNoThinking(Boolean forcedToolNeedsNoThinking) {
    this.forcedToolNeedsNoThinking = forcedToolNeedsNoThinking;
  }

  public String getTemplateKwargs() {
    return templateKwargs;
  }

  /**
   * Sets further {@code chat_template_kwargs}, as {@code name=value} separated by commas, for
   * example {@code preserve_thinking=true}. The default is none. Models with a Mistral tokenizer
   * refuse the field.
   */
  public void setTemplateKwargs(String templateKwargs) {
    this.templateKwargs = templateKwargs;
  }

  public Boolean getClearThinking() {
    return clearThinking;
  }

  /**
   * Sets {@code thinking.clear_thinking} beside {@code thinking.type} (default: left out). Z.ai
   * keeps the reasoning of earlier turns only if it is false.
   */
  public void setClearThinking(Boolean clearThinking) {
    this.clearThinking = clearThinking;
  }

  public Boolean getThinkingOpen() {
    return thinkingOpen;
  }

  /**
   * Sets whether completions begin inside {@code <think>} without writing it (default false). The
   * templates of GLM, Qwen3 and StepFun open it themselves, and a server without a reasoning parser
   * passes on everything up to {@code </think>} as text.
   */
  public void setThinkingOpen(Boolean thinkingOpen) {
    this.thinkingOpen = thinkingOpen;
  }

  public ReasoningReplay getReasoningReplay() {
    return reasoningReplay;
  }

  /** Sets the form in which the reasoning of earlier turns is sent back (default {@code NONE}). */
  public void setReasoningReplay(ReasoningReplay reasoningReplay) {
    this.reasoningReplay = reasoningReplay;
  }

  public Filler getReasoningFiller() {
    return reasoningFiller;
  }

  /**
   * Sets the replacement for missing reasoning of an assistant turn (default {@code OMIT}).
   * DeepSeek and Kimi refuse a conversation in which any turn lacks the field: {@code EMPTY} or
   * {@code SPACE}.
   */
  public void setReasoningFiller(Filler reasoningFiller) {
    this.reasoningFiller = reasoningFiller;
  }

  public Boolean getThoughtSignatures() {
    return thoughtSignatures;
  }

  /**
   * Sets whether tool calls carry Gemini's {@code extra_content.google.thought_signature} (default
   * false); Gemini 3 refuses a call without one.
   */
  public void setThoughtSignatures(Boolean thoughtSignatures) {
    this.thoughtSignatures = thoughtSignatures;
  }

  public ToolIdForm getToolIds() {
    return toolIds;
  }

  /** Sets the form of tool call ids (default {@code ANY}). */
  public void setToolIds(ToolIdForm toolIds) {
    this.toolIds = toolIds;
  }

  public Boolean getMergeNeighbours() {
    return mergeNeighbours;
  }

  /**
   * Sets whether user and assistant must alternate, so that neighbours of one role become one
   * message (default false). The templates of Mistral and Gemma require it.
   */
  public void setMergeNeighbours(Boolean mergeNeighbours) {
    this.mergeNeighbours = mergeNeighbours;
  }

  public Boolean getToolToUserBridge() {
    return toolToUserBridge;
  }

  /**
   * Sets whether an assistant message must stand between a tool message and a user message (default
   * false): Mistral answers "Unexpected role 'user' after role 'tool'".
   */
  public void setToolToUserBridge(Boolean toolToUserBridge) {
    this.toolToUserBridge = toolToUserBridge;
  }

  public Attachments getImages() {
    return images;
  }

  /**
   * Sets the form in which images are accepted (default {@code URL}); {@code ModelCard.vision} can
   * exclude them.
   */
  public void setImages(Attachments images) {
    this.images = images;
  }

  public Attachments getDocuments() {
    return documents;
  }

  /**
   * Sets the form in which PDF documents are accepted (default {@code NONE}): as {@code file}
   * parts, which OpenAI and OpenRouter know.
   */
  public void setDocuments(Attachments documents) {
    this.documents = documents;
  }

  public SchemaForm getSchema() {
    return schema;
  }

  /** Sets the part of JSON Schema that is accepted in tools (default {@code FULL}). */
  public void setSchema(SchemaForm schema) {
    this.schema = schema;
  }

  public String getSchemaWithout() {
    return schemaWithout;
  }

  /**
   * Sets the keywords of JSON Schema that are left out of tools, separated by commas, for example
   * {@code format,propertyNames}. The default is none.
   */
  public void setSchemaWithout(String schemaWithout) {
    this.schemaWithout = schemaWithout;
  }

  public Boolean getToolProperties() {
    return toolProperties;
  }

  /**
   * Sets whether a tool's parameters must be an object with {@code properties} (default false):
   * OpenAI and LM Studio refuse a tool without. Objects inside it stay free.
   */
  public void setToolProperties(Boolean toolProperties) {
    this.toolProperties = toolProperties;
  }

  public String getReservedParameters() {
    return reservedParameters;
  }

  /**
   * Sets the names that a tool's parameters must not have, separated by commas (default none). Such
   * a parameter has an underscore behind its name, which the response removes. Hosted NIM takes a
   * parameter {@code type} for the keyword.
   */
  public void setReservedParameters(String reservedParameters) {
    this.reservedParameters = reservedParameters;
  }

  public Integer getToolNameLimit() {
    return toolNameLimit;
  }

  /** Sets the longest tool name in characters (default 64). */
  public void setToolNameLimit(Integer toolNameLimit) {
    this.toolNameLimit = toolNameLimit;
  }

  public Integer getToolDescriptionLimit() {
    return toolDescriptionLimit;
  }

  /**
   * Sets the longest tool description in characters (default: any). Several OpenAI models had 1024.
   */
  public void setToolDescriptionLimit(Integer toolDescriptionLimit) {
    this.toolDescriptionLimit = toolDescriptionLimit;
  }

  public Integer getMaxStops() {
    return maxStops;
  }

  /**
   * Sets the number of stop sequences that are accepted (default: any). It is 4 at OpenAI and vLLM,
   * 5 at Moonshot, 0 for OpenAI's reasoning models. Caravan itself ends the text at the others.
   */
  public void setMaxStops(Integer maxStops) {
    this.maxStops = maxStops;
  }

  public PrefillForm getPrefill() {
    return prefill;
  }

  /** Sets the form of an assistant message at the end (default {@code AS_USER}). */
  public void setPrefill(PrefillForm prefill) {
    this.prefill = prefill;
  }

  public SystemRole getSystemRole() {
    return systemRole;
  }

  /** Sets the role of the system prompt (default {@code SYSTEM}). */
  public void setSystemRole(SystemRole systemRole) {
    this.systemRole = systemRole;
  }

  public Filler getEmptyContent() {
    return emptyContent;
  }

  /**
   * Sets the {@code content} of an assistant message that only calls tools (default {@code NULL}).
   * Hosted NIM and Mistral require one that isn't empty.
   */
  public void setEmptyContent(Filler emptyContent) {
    this.emptyContent = emptyContent;
  }

  public String getExtraBody() {
    return extraBody;
  }

  /**
   * Sets further top-level fields of every request, as a JSON object, for example {@code
   * {"provider":{"sort":"throughput"}}}. The default is none.
   */
  public void setExtraBody(String extraBody) {
    this.extraBody = extraBody;
  }
}
