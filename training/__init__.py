"""Material for trainers: packs, quizzes and their exports, every statement with its citation."""
