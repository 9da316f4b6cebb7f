"""Running trained models with ONNX Runtime, without torch."""
