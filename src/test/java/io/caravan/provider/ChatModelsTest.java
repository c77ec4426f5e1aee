package io.caravan.provider;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChatModelsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "nvidia/nv-embedqa-e5-v5",
        "nvidia/llama-3.2-nv-rerankqa-1b-v2",
        "baai/bge-m3",
        "snowflake/arctic-embed-l",
        "nvidia/llama-3.1-nemotron-70b-reward",
        "nvidia/llama-3.1-nemoguard-8b-content-safety",
        "nvidia/llama-3.1-nemoguard-8b-topic-control",
        "meta/llama-guard-4-12b",
        "nvidia/nemotron-parse",
        "openai/whisper-large-v3",
        "nvidia/parakeet-ctc-1.1b-asr",
        "black-forest-labs/flux.1-dev",
        "stabilityai/stable-diffusion-3-medium",
        "nvidia/nvclip",
        "nvidia/cosmos-predict1-5b",
        "qwen3-embedding:8b",
        "text-embedding-3-large"
      })
  void leavesOutWhatDoesNotChat(String id) {
    assertThat(ChatModels.isChat(id)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nvidia/nemotron-3-super-120b-a12b",
        "z-ai/glm-5.3",
        "moonshotai/kimi-k3",
        "deepseek-ai/deepseek-v4-flash-0731",
        "openai/gpt-oss-20b",
        "google/gemma-4-31b-it",
        "mistralai/mistral-nemotron",
        "meta/llama-3.3-70b-instruct",
        "qwen/qwen3-coder-480b-a35b-instruct",
        "acme/vanguard-7b",
        "acme/parsley-1",
        "acme/clipper-70b"
      })
  void keepsWhatMay(String id) {
    assertThat(ChatModels.isChat(id)).isTrue();
  }
}
