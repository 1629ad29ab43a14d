"""The models of a small shop."""

from django.db import models
from django.db.models.functions import Now


class Tag(models.Model):
    name = models.CharField(max_length=50, unique=True)


class Customer(models.Model):
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=100, db_index=True)
    notes = models.TextField(null=True)
    since = models.DateTimeField(db_default=Now())
    tags = models.ManyToManyField(Tag)


class Order(models.Model):
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT)
    total = models.DecimalField(max_digits=10, decimal_places=2, db_default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(total__gte=0), name="ck_order_total"),
        ]
        indexes = [models.Index(fields=["customer", "total"], name="ix_order_customer_total")]
