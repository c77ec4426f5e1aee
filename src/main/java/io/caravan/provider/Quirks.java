package io.caravan.provider;

/**
 * In what an upstream differs from OpenAI's own API, as far as requests go. All of it may be said
 * of a {@link Provider} and again of one of its models by a {@link ModelCard}; null says nothing.
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
   * Whether {@code stream_options.include_usage} is sent (default true). Without it most servers
   * tell no usage in a stream; a few refuse the field.
   */
  public void setStreamUsage(Boolean streamUsage) {
    this.streamUsage = streamUsage;
  }

  public String getMaxTokensField() {
    return maxTokensField;
  }

  /**
   * {@code max_tokens} (default), or {@code max_completion_tokens}, which OpenAI's reasoning
   * models, Azure, Cerebras, MiniMax, Moonshot and Weights &amp; Biases want; hosted NIM refuses
   * the latter.
   */
  public void setMaxTokensField(String maxTokensField) {
    this.maxTokensField = maxTokensField;
  }

  public Integer getDefaultMaxTokens() {
    return defaultMaxTokens;
  }

  /**
   * {@code max_tokens} where the client gives none (default: left out). Hosted NIM's own default is
   * low and cuts answers off.
   */
  public void setDefaultMaxTokens(Integer defaultMaxTokens) {
    this.defaultMaxTokens = defaultMaxTokens;
  }

  public Boolean getTopK() {
    return topK;
  }

  /** Whether {@code top_k} is taken (default false): vLLM, SGLang, llama.cpp, OpenRouter. */
  public void setTopK(Boolean topK) {
    this.topK = topK;
  }

  public Boolean getSampling() {
    return sampling;
  }

  /**
   * Whether {@code temperature} and {@code top_p} are taken (default true); Kimi K2.5 and later and
   * OpenAI's reasoning models refuse them.
   */
  public void setSampling(Boolean sampling) {
    this.sampling = sampling;
  }

  public Boolean getParallelField() {
    return parallelField;
  }

  /** Whether {@code parallel_tool_calls} is taken (default true). */
  public void setParallelField(Boolean parallelField) {
    this.parallelField = parallelField;
  }

  public ResponseFormat getResponseFormat() {
    return responseFormat;
  }

  /** How far the upstream can be bound to a JSON schema (default {@code JSON_SCHEMA}). */
  public void setResponseFormat(ResponseFormat responseFormat) {
    this.responseFormat = responseFormat;
  }

  public Boolean getStrictSchemas() {
    return strictSchemas;
  }

  /**
   * Whether a response schema that has the form OpenAI demands of it is sent with {@code strict}
   * (default false).
   */
  public void setStrictSchemas(Boolean strictSchemas) {
    this.strictSchemas = strictSchemas;
  }

  public Boolean getStrictTools() {
    return strictTools;
  }

  /** Whether a tool's {@code strict} is passed on (default false); Moonshot refuses it. */
  public void setStrictTools(Boolean strictTools) {
    this.strictTools = strictTools;
  }

  public ToolChoiceForm getToolChoice() {
    return toolChoice;
  }

  /** Which {@code tool_choice} is taken (default {@code OPENAI}). */
  public void setToolChoice(ToolChoiceForm toolChoice) {
    this.toolChoice = toolChoice;
  }

  public ReasoningSwitch getReasoning() {
    return reasoning;
  }

  /** How thinking is switched on and off (default {@code NONE}). */
  public void setReasoning(ReasoningSwitch reasoning) {
    this.reasoning = reasoning;
  }

  public String getEfforts() {
    return efforts;
  }

  /**
   * The efforts that the upstream takes, separated by commas, each as {@code name} or as {@code
   * anthropic=upstream}, for example {@code none,low,medium=high,high,max}. One that isn't listed
   * becomes the next higher listed one, or else the highest. Default for {@code REASONING_EFFORT}
   * and {@code OPENROUTER}: {@code low,medium,high}; for the others none, and then effort isn't
   * sent.
   */
  public void setEfforts(String efforts) {
    this.efforts = efforts;
  }

  public Boolean getForcedToolNeedsNoThinking() {
    return forcedToolNeedsNoThinking;
  }

  /**
   * Whether a forced {@code tool_choice} is refused while thinking (default false): Kimi answers
   * "tool_choice 'specified' is incompatible with thinking enabled".
   */
  public void setForcedToolNeedsNoThinking(Boolean forcedToolNeedsNoThinking) {
    this.forcedToolNeedsNoThinking = forcedToolNeedsNoThinking;
  }

  public String getTemplateKwargs() {
    return templateKwargs;
  }

  /**
   * Further {@code chat_template_kwargs}, as {@code name=value} separated by commas, for example
   * {@code preserve_thinking=true}. Default none. Models with a Mistral tokenizer refuse the field.
   */
  public void setTemplateKwargs(String templateKwargs) {
    this.templateKwargs = templateKwargs;
  }

  public Boolean getClearThinking() {
    return clearThinking;
  }

  /**
   * {@code thinking.clear_thinking} beside {@code thinking.type} (default: left out): Z.ai keeps
   * the reasoning of earlier turns only where it is false.
   */
  public void setClearThinking(Boolean clearThinking) {
    this.clearThinking = clearThinking;
  }

  public Boolean getThinkingOpen() {
    return thinkingOpen;
  }

  /**
   * Whether answers begin inside {@code <think>} without writing it (default false): the templates
   * of GLM, Qwen3 and StepFun open it themselves, and a server without a reasoning parser hands on
   * all that follows, up to {@code </think>}, as text.
   */
  public void setThinkingOpen(Boolean thinkingOpen) {
    this.thinkingOpen = thinkingOpen;
  }

  public ReasoningReplay getReasoningReplay() {
    return reasoningReplay;
  }

  /** In which form the reasoning of earlier turns is sent back (default {@code NONE}). */
  public void setReasoningReplay(ReasoningReplay reasoningReplay) {
    this.reasoningReplay = reasoningReplay;
  }

  public Filler getReasoningFiller() {
    return reasoningFiller;
  }

  /**
   * What an assistant turn without reasoning carries in its place (default {@code OMIT}). DeepSeek
   * and Kimi refuse a conversation in which any turn lacks the field: {@code EMPTY} or {@code
   * SPACE}.
   */
  public void setReasoningFiller(Filler reasoningFiller) {
    this.reasoningFiller = reasoningFiller;
  }

  public Boolean getThoughtSignatures() {
    return thoughtSignatures;
  }

  /**
   * Whether tool calls carry Gemini's {@code extra_content.google.thought_signature} (default
   * false); Gemini 3 refuses a call without one.
   */
  public void setThoughtSignatures(Boolean thoughtSignatures) {
    this.thoughtSignatures = thoughtSignatures;
  }

  public ToolIdForm getToolIds() {
    return toolIds;
  }

  /** The form of tool call ids (default {@code ANY}). */
  public void setToolIds(ToolIdForm toolIds) {
    this.toolIds = toolIds;
  }

  public Boolean getMergeNeighbours() {
    return mergeNeighbours;
  }

  /**
   * Whether user and assistant must alternate, so that neighbours of one role become one message
   * (default false): the templates of Mistral and Gemma.
   */
  public void setMergeNeighbours(Boolean mergeNeighbours) {
    this.mergeNeighbours = mergeNeighbours;
  }

  public Boolean getToolToUserBridge() {
    return toolToUserBridge;
  }

  /**
   * Whether an assistant message must stand between a tool message and a user message (default
   * false): Mistral answers "Unexpected role 'user' after role 'tool'".
   */
  public void setToolToUserBridge(Boolean toolToUserBridge) {
    this.toolToUserBridge = toolToUserBridge;
  }

  public Attachments getImages() {
    return images;
  }

  /**
   * In which form images are taken (default {@code URL}); {@code ModelCard.vision} can rule them
   * out.
   */
  public void setImages(Attachments images) {
    this.images = images;
  }

  public Attachments getDocuments() {
    return documents;
  }

  /**
   * In which form PDF documents are taken (default {@code NONE}): as {@code file} parts, which
   * OpenAI and OpenRouter know.
   */
  public void setDocuments(Attachments documents) {
    this.documents = documents;
  }

  public SchemaForm getSchema() {
    return schema;
  }

  /** Which part of JSON Schema is taken in tools (default {@code FULL}). */
  public void setSchema(SchemaForm schema) {
    this.schema = schema;
  }

  public Integer getToolNameLimit() {
    return toolNameLimit;
  }

  /** The longest tool name in characters (default 64). */
  public void setToolNameLimit(Integer toolNameLimit) {
    this.toolNameLimit = toolNameLimit;
  }

  public Integer getToolDescriptionLimit() {
    return toolDescriptionLimit;
  }

  /** The longest tool description in characters (default: any). Several OpenAI models had 1024. */
  public void setToolDescriptionLimit(Integer toolDescriptionLimit) {
    this.toolDescriptionLimit = toolDescriptionLimit;
  }

  public Integer getMaxStops() {
    return maxStops;
  }

  /**
   * How many stop sequences are taken (default: any). OpenAI 4, Moonshot 5, OpenAI's reasoning
   * models 0.
   */
  public void setMaxStops(Integer maxStops) {
    this.maxStops = maxStops;
  }

  public PrefillForm getPrefill() {
    return prefill;
  }

  /** What becomes of an assistant message at the end (default {@code AS_USER}). */
  public void setPrefill(PrefillForm prefill) {
    this.prefill = prefill;
  }

  public SystemRole getSystemRole() {
    return systemRole;
  }

  /** Who speaks the system prompt (default {@code SYSTEM}). */
  public void setSystemRole(SystemRole systemRole) {
    this.systemRole = systemRole;
  }

  public Filler getEmptyContent() {
    return emptyContent;
  }

  /**
   * The {@code content} of an assistant message that only calls tools (default {@code NULL}).
   * Hosted NIM and Mistral want one that isn't empty.
   */
  public void setEmptyContent(Filler emptyContent) {
    this.emptyContent = emptyContent;
  }

  public String getExtraBody() {
    return extraBody;
  }

  /**
   * Further top-level fields of every request, as a JSON object, for example {@code
   * {"provider":{"sort":"throughput"}}}. Default none.
   */
  public void setExtraBody(String extraBody) {
    this.extraBody = extraBody;
  }
}
