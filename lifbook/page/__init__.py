"""What makes pages: figures as SVG, tables, 3D views, quizzes and widgets. Knows no chapter."""
