"""Runs a PySpark program on a cluster of two workers on this machine, and kills one of them midway.

usage: lose_worker.py PROGRAM

Prints the tasks that had been done before and those that were lost.
"""

import os
import pathlib
import runpy
import signal
import sys
import threading
import time

from pyspark import SparkConf, SparkContext
from pyspark.status import SparkStageInfo

SETTINGS = {
    "spark.master": "local-cluster[2,1,512]",
    "spark.executor.memory": "512m",
    "spark.driver.host": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.pyspark.python": sys.executable,
}


def workers(port: str) -> list[int]:
    """The processes that read for this driver."""
    driver = f"spark://CoarseGrainedScheduler@127.0.0.1:{port}"
    found = []
    for path in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().split(b"\0")
        except OSError:
            continue  # it ended meanwhile
        if driver.encode() in words and words[0].endswith(b"java"):
            found.append(int(path.parent.name))
    return found


def midway(context: SparkContext) -> SparkStageInfo:
    """Waits until some tasks are done and both workers have another one."""
    tracker = context.statusTracker()
    while True:
        for stage in map(tracker.getStageInfo, tracker.getActiveStageIds()):
            if stage and stage.numCompletedTasks >= 5 and stage.numActiveTasks == 2:
                return stage
        time.sleep(0.05)


def main() -> None:
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    conf = SparkConf().setAll(SETTINGS.items()).setAppName("lose_worker")
    with SparkContext(conf=conf) as context:
        killed = []

        def kill() -> None:
            stage = midway(context)
            os.kill(workers(context.getConf().get("spark.driver.port"))[0], signal.SIGKILL)
            killed.append(stage)

        threading.Thread(target=kill, daemon=True).start()
        runpy.run_path(sys.argv[1])
        if not killed:
            sys.exit("the program ended before a worker was killed")
        stage = context.statusTracker().getStageInfo(killed[0].stageId)
        if stage.numFailedTasks == 0:
            sys.exit("the worker was killed and no task was lost")
        print(f"{killed[0].numCompletedTasks} of {stage.numTasks} tasks were done, {stage.numFailedTasks} lost")


main()
