package io.caravan.provider;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Tells the models of an upstream's list that chat from those that embed, rank, draw, listen or
 * judge, by the words of their ids. Lists as hosted NIM's have nothing else to go by. A model with
 * an innocent name that doesn't chat costs a call; a word here that a chat model has loses the
 * model, so that only words count which say what a model is for.
 */
public final class ChatModels {
  /** The words between the punctuation of an id. */
  private static final Pattern PUNCTUATION = Pattern.compile("[^a-z0-9]+");

  private static final Set<String> WORDS =
      Set.of(
          // text to vectors, ranks and scores
          "bge",
          "e5",
          "embedqa",
          "rerank",
          "reranker",
          "rerankqa",
          "retriever",
          "colbert",
          "reward",
          "gliner",
          "nvclip",
          "clip",
          "dinov2",
          "dinov3",
          "siglip",
          // guards
          "guard",
          "guardian",
          "shieldgemma",
          "safety",
          "jailbreak",
          "moderation",
          // speech
          "asr",
          "tts",
          "whisper",
          "parakeet",
          "canary",
          "fastpitch",
          "magpie",
          "riva",
          "studiovoice",
          "audio2face",
          "voicechat",
          "conformer",
          // pictures and films
          "flux",
          "sdxl",
          "dall",
          "imagen",
          "sora",
          "veo",
          "trellis",
          "cosmos",
          "edify",
          "img2img",
          // what is on a page or in a picture
          "ocr",
          "ocdrnet",
          "paddleocr",
          "yolox",
          "parse",
          "detector",
          "detection",
          "streampetr",
          "grounding",
          // molecules, weather, routes
          "esm2",
          "esmfold",
          "alphafold2",
          "boltz2",
          "diffdock",
          "molmim",
          "genmol",
          "evo2",
          "rfdiffusion",
          "proteinmpnn",
          "openfold2",
          "openfold3",
          "msa",
          "fourcastnet",
          "corrdiff",
          "cuopt");

  private static final List<String> PARTS =
      List.of(
          "embed",
          "diffusion",
          "topic-control",
          "page-elements",
          "table-structure",
          "graphic-elements",
          "text-to-",
          "image-to-");

  private ChatModels() {}

  /** Returns whether the id is that of a model that may chat. */
  public static boolean isChat(String id) {
    String lower = id.toLowerCase(Locale.ROOT);
    for (String part : PARTS) {
      if (lower.contains(part)) {
        return false;
      }
    }
    for (String word : PUNCTUATION.split(lower, -1)) {
      if (WORDS.contains(word)) {
        return false;
      }
    }
    return true;
  }
}
