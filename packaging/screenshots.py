"""Take pictures of every window, light and dark, at 100 and 200 %, into `build/screenshots`.

python3 packaging/screenshots.py [FOLDER]       no display is needed
"""

import os
import subprocess
import sys

import environment

FACTORS = ("1.0", "2.0")
SCHEMES = ("light", "dark")


def main():
    """Prepare the environment, then run one window for each scheme and size of text."""
    python = environment.prepare()
    environment.check_qt(desktop=False)
    folder = sys.argv[1] if len(sys.argv) > 1 else os.path.join(environment.ROOT, "build", "screenshots")
    os.makedirs(folder, exist_ok=True)
    settings = dict(os.environ, OMP_NUM_THREADS="1", PYTHONPATH=environment.ROOT)
    settings.setdefault("QT_QPA_PLATFORM", "offscreen")
    script = os.path.join(environment.ROOT, "packaging", "screenshot_scenes.py")
    for factor in FACTORS:
        for scheme in SCHEMES:
            ended = subprocess.call([python, script, folder, scheme, factor], cwd=folder, env=settings)
            if ended:
                return ended
    print("The pictures are in " + folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
