"""Slurm on one machine: a controller and two emulated nodes, all their files in a temporary folder."""
import getpass
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time

CONFIGURATION = """
ClusterName=emulated
SlurmctldHost=localhost(127.0.0.1)
SlurmctldPort={ports[0]}
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/none
CredType=cred/none
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool_%n
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd_%n.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd_%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerType=sched/builtin
SchedulerParameters=sched_interval=2,batch_sched_delay=0
SlurmdParameters=config_overrides
SwitchType=switch/none
MpiDefault=none
MailProg=/bin/true
ReturnToService=2
KillWait=2
NodeName=n1 NodeHostname=localhost NodeAddr=127.0.0.1 Port={ports[1]} CPUs=2 State=UNKNOWN
NodeName=n2 NodeHostname=localhost NodeAddr=127.0.0.1 Port={ports[2]} CPUs=2 State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"""
PROGRAMS = ("slurmctld", "slurmd", "sbatch", "squeue", "sinfo", "scancel")


class Unavailable(Exception):
    """Why there is no Slurm here."""


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for s in sockets:
        s.bind(("127.0.0.1", 0))
    ports = [s.getsockname()[1] for s in sockets]
    for s in sockets:
        s.close()
    return ports


class Slurm:
    """with Slurm() as slurm: two idle nodes n1 and n2; afterwards nothing of it runs any more."""

    def __enter__(self):
        path = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
        missing = [p for p in PROGRAMS if not shutil.which(p, path=path)]
        if missing:
            raise Unavailable(f"Slurm is not installed: no {', '.join(missing)} (Debian: slurmctld slurmd slurm-client)")
        self._folder = tempfile.TemporaryDirectory(prefix="slurm_", ignore_cleanup_errors=True)
        self.folder = pathlib.Path(self._folder.name)
        (self.folder / "state").mkdir()
        file = self.folder / "slurm.conf"
        file.write_text(CONFIGURATION.format(ports=free_ports(3), user=getpass.getuser(), folder=self.folder))
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith(("SLURM", "SBATCH", "OMPI", "PMI"))}
        self.environment.update(PATH=path, SLURM_CONF=str(file))
        self.daemons = []
        self.waiting = ""
        try:
            self.start("slurmctld", "-D")
            self.start("slurmd", "-D", "-N", "n1")
            self.start("slurmd", "-D", "-N", "n2")
            self.wait_for_nodes(20)
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_):
        self.stop()

    def start(self, *command):
        with open(self.folder / f"daemon_{len(self.daemons)}.txt", "w") as out:
            self.daemons.append(subprocess.Popen(command, env=self.environment, stdin=subprocess.DEVNULL, stdout=out,
                                                 stderr=out, start_new_session=True))

    def said(self):
        """The ends of all logs: what to read when something does not run."""
        return "\n".join(f"{f.name}: {f.read_text(errors='replace')[-600:]}"
                         for f in sorted([*self.folder.glob("*.txt"), *self.folder.glob("*.log")]))

    def wait_for_nodes(self, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            done = self.run("sinfo", "-h", "-N", "-o", "%T", check=False)
            if done.stdout.split() == ["idle", "idle"]:
                return
            for daemon in self.daemons:
                if daemon.poll() is not None:
                    raise Unavailable(f"{daemon.args[0]} ended at once:\n{self.said()}")
            time.sleep(0.2)
        raise Unavailable(f"the emulated nodes were not ready after {seconds} s:\n{self.said()}")

    def run(self, *command, check=True, **options):
        return subprocess.run(command, env=self.environment, check=check, text=True, capture_output=True, timeout=15,
                              **options)

    def wait_for_jobs(self, seconds):
        """Until the queue is empty, also of jobs that running jobs submit. False: not in time, and they are ended."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if not self.run("squeue", "-h").stdout.strip():
                return True
            time.sleep(0.3)
        self.waiting = self.run("squeue", "-h", "-o", "%i %T %r", check=False).stdout
        for _ in range(10):  # a job that is being ended may submit another
            self.run("scancel", "--user", getpass.getuser(), check=False)
            time.sleep(0.5)
            if not self.run("squeue", "-h", check=False).stdout.strip():
                break
        return False

    def stop(self):
        """Ends jobs, nodes and the controller; each process by its own number."""
        if len(self.daemons) > 1:
            try:
                self.run("scancel", "--full", "--user", getpass.getuser(), check=False)
                self.wait_for_jobs(5)
            except (subprocess.SubprocessError, OSError):
                pass
        for daemon in reversed(self.daemons):
            if daemon.poll() is None:
                daemon.terminate()
        for daemon in self.daemons:
            try:
                daemon.wait(timeout=5)
            except subprocess.TimeoutExpired:
                daemon.kill()
                daemon.wait()
        for step in self.steps():
            try:
                os.kill(step, signal.SIGKILL)
            except OSError:
                pass
        self._folder.cleanup()

    def steps(self):
        """Processes of jobs that are still there: those that were given this configuration."""
        ours = f"SLURM_CONF={self.folder}/slurm.conf".encode()
        found = []
        for entry in pathlib.Path("/proc").iterdir():
            try:
                if entry.name.isdigit() and ours in (entry / "environ").read_bytes().split(b"\0"):
                    found.append(int(entry.name))
            except OSError:
                continue
        return found
